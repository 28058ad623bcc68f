select t.tgname::text, concat_ws(' ',
  case when t.tgtype & 2 = 2 then 'before' else 'after' end,
  case when t.tgtype & 4 = 4 then 'insert' end,
  case when t.tgtype & 8 = 8 then 'delete' end,
  case when t.tgtype & 16 = 16 then 'update' end,
  case when t.tgtype & 32 = 32 then 'truncate' end,
  case when t.tgtype & 1 = 1 then 'row' else 'statement' end,
  p.proname)
from pg_trigger t join pg_proc p on p.oid = t.tgfoid
where t.tgrelid = to_regclass(format('plan.%I', $1::text)) and not t.tgisinternal and t.tgenabled = 'O'
