-- What is granted to the roles themselves and to everybody; the owner's own rights are no grant.
select coalesce(r.rolname, 'public')::text, string_agg(n.nspname || ':' || p.privilege_type, ' ' order by n.nspname, p.privilege_type)
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) p
left join pg_roles r on r.oid = p.grantee
where c.oid in (to_regclass(format('plan.%I', $1::text)), to_regclass(format('history.%I', $1::text)))
  and p.grantee <> c.relowner
group by 1
