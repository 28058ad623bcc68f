-- Tells how far it is, and asks whether it should go on: no row, or true, is no.
update simtaru.evacuation set progress = $2 where id = $1 and status = 'running' returning cancelling
