-- Ends what runs, and removes what does not; the status that it had.
with there as (
  select id, status from simtaru.evacuation where id = $1 for update
), asked as (
  update simtaru.evacuation e set cancelling = true from there t where e.id = t.id and t.status = 'running'
), gone as (
  delete from simtaru.evacuation e using there t where e.id = t.id and t.status <> 'running'
)
select status from there
