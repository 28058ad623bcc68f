-- Writes a project where it differs from what is there.
insert into public.qgis_projects as p (name, metadata, content)
values ($1, jsonb_build_object('last_modified_time', to_char(now(), 'YYYY-MM-DD HH24:MI:SS.US'), 'last_modified_user', 'simtaru'), $2)
on conflict (name) do update set metadata = excluded.metadata, content = excluded.content
where p.content is distinct from excluded.content
