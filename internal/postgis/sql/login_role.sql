select coalesce(shobj_description(oid, 'pg_authid'), '') from pg_roles where rolname = $1::text::name
