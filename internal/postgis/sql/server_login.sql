-- Whether the server's login is a superuser, and whether the database is its own.
select
  (select rolsuper from pg_roles where rolname = current_user),
  (select pg_has_role(datdba, 'usage') from pg_database where datname = current_database()),
  current_database()::text
