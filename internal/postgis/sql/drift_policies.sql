-- Policies of tables whose row-level security is on: whom and what they let in.
select n.nspname || '.' || p.polname, concat_ws(' ',
  case when p.polpermissive then 'permissive' else 'restrictive' end,
  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
  (select string_agg(r.rolname, ',' order by r.rolname) from pg_roles r where r.oid = any(p.polroles)),
  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p
join pg_class t on t.oid = p.polrelid
join pg_namespace n on n.oid = t.relnamespace
where t.oid in (to_regclass(format('plan.%I', $1::text)), to_regclass(format('history.%I', $1::text))) and t.relrowsecurity
