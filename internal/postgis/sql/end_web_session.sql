delete from simtaru.session where hash = $1
