-- Functions of the platform, re-created as a whole. Messages that a planner
-- reads in QGIS are Indonesian; DETAIL says the same in English, CONSTRAINT is
-- a stable slug and COLUMN the field, which is how the server reads them.
-- Functions that call PostGIS are called from triggers that have set the path.

-- actor names who acts. Only a login that may act as administrator, the server
-- itself above all, may name somebody else; what others set is ignored.
create or replace function simtaru.actor() returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  named text := current_setting('simtaru.actor', true);
begin
  if named <> '' and pg_has_role(session_user, 'simtaru_admin', 'member') then
    return named;
  end if;
  return session_user;
end
$$;

-- geometry_fault_id translates a reason of GEOS.
create or replace function simtaru.geometry_fault_id(reason text) returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case lower(reason)
    when 'self-intersection' then 'garis batasnya berpotongan sendiri'
    when 'ring self-intersection' then 'garis batasnya menyentuh atau memotong dirinya sendiri'
    when 'hole lies outside shell' then 'ada lubang di luar batas luarnya'
    when 'holes are nested' then 'ada lubang di dalam lubang'
    when 'interior is disconnected' then 'bagian dalamnya terputus'
    when 'nested shells' then 'ada bagian yang terletak di dalam bagian lain'
    when 'duplicate rings' then 'ada batas yang sama dua kali'
    when 'too few points in geometry component' then 'jumlah titiknya terlalu sedikit'
    when 'invalid coordinate' then 'ada koordinat yang bukan angka biasa'
    when 'ring is not closed' then 'garis batasnya tidak tertutup'
    when 'repeated point' then 'ada titik yang berulang'
    else reason
  end
$$;

-- too_entangled tells a geometry that would keep GEOS busy for minutes: what
-- GEOS does grows with the pairs of segments whose boxes meet, a few for each
-- segment of what people draw, and all with all in a star of 100,000 spikes
-- (three minutes of ST_IsValid; 20,000 vertices take less than two seconds,
-- however they lie). The pairs are estimated from 64 segments drawn at random.
create or replace function simtaru.too_entangled(g geometry) returns boolean
language plpgsql volatile
as $$
declare
  max_pairs constant float8 := 2e7;
  vertices int := st_npoints(g);
  met bigint;
begin
  if vertices <= 20000 then
    return false;
  end if;
  with segment as materialized (
    select st_xmin(d.geom) as w, st_ymin(d.geom) as s, st_xmax(d.geom) as e, st_ymax(d.geom) as n
    from st_dumpsegments(g) d
  ), drawn as materialized (
    select * from segment order by random() limit 64
  )
  select count(*) into met from drawn a join segment b on a.w <= b.e and b.w <= a.e and a.s <= b.n and b.s <= a.n;
  return met / 64.0 * vertices > max_pairs;
end
$$;

-- check_geometry refuses what must not reach GEOS, then what GEOS calls
-- invalid. The caps come first: no timeout stops GEOS.
create or replace function simtaru.check_geometry(g geometry) returns void
language plpgsql volatile
as $$
declare
  max_vertices constant int := 200000;
  max_parts constant int := 20000;
  vertices int := st_npoints(g);
  parts int := st_numgeometries(g) + st_nrings(g);
  fault record;
begin
  if vertices > max_vertices or parts > max_parts then
    raise exception using errcode = '23514', constraint = 'geometry-too-large', column = 'geom',
      message = format('Geometri terlalu rumit: %s titik dalam %s bagian, paling banyak %s titik dan %s bagian. Pecah menjadi beberapa fitur atau sederhanakan.',
        vertices, parts, max_vertices, max_parts),
      detail = format('The geometry is too complex: %s vertices in %s parts, at most %s and %s are allowed.',
        vertices, parts, max_vertices, max_parts);
  end if;
  if vertices = 0 then
    raise exception using errcode = '23514', constraint = 'geometry-empty', column = 'geom',
      message = 'Geometri kosong. Gambar bentuknya dahulu, atau biarkan tanpa geometri (NULL).',
      detail = 'The geometry is empty.';
  end if;
  if not (st_xmin(g) >= -180 and st_xmax(g) <= 180 and st_ymin(g) >= -90 and st_ymax(g) <= 90) then
    raise exception using errcode = '23514', constraint = 'geometry-outside-world', column = 'geom',
      message = format('Koordinat di luar dunia: bujur %s sampai %s, lintang %s sampai %s. Periksa sistem koordinat (CRS) datanya; seharusnya EPSG:4326.',
        st_xmin(g), st_xmax(g), st_ymin(g), st_ymax(g)),
      detail = 'The coordinates are not finite or lie outside the world; is the CRS really EPSG:4326?';
  end if;
  if simtaru.too_entangled(g) then
    raise exception using errcode = '23514', constraint = 'geometry-too-large', column = 'geom',
      message = format('Geometri terlalu kusut: %s titik yang garis-garisnya saling silang atau bertumpuk. Pecah menjadi beberapa fitur atau sederhanakan.', vertices),
      detail = format('The geometry is too entangled: %s vertices whose segments cross or cover each other.', vertices);
  end if;
  if st_isvalid(g) then
    return;
  end if;
  select * into fault from st_isvaliddetail(g);
  raise exception using errcode = '23514', constraint = 'geometry-invalid', column = 'geom',
    message = format('Geometri tidak sah: %s%s.', simtaru.geometry_fault_id(fault.reason),
      coalesce(format(' di bujur %s, lintang %s', round(st_x(fault.location)::numeric, 7), round(st_y(fault.location)::numeric, 7)), '')),
    detail = format('The geometry is invalid: %s%s.', fault.reason,
      coalesce(format(' at %s, %s', round(st_x(fault.location)::numeric, 7), round(st_y(fault.location)::numeric, 7)), ''));
end
$$;

-- refuse raises the message of a rule.
create or replace function simtaru.refuse(slug text, layer text, field text, message_id text, message_en text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using errcode = '23514', constraint = slug, table = layer, column = field,
    message = message_id, detail = message_en;
end
$$;

-- refuse_code says that a value is in no list, and which ones would be.
create or replace function simtaru.refuse_code(layer text, field text, title text, value text, in_list text, in_version text) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  examples text;
begin
  select string_agg(code, ', ' order by place) into examples
    from (select code, place from simtaru.code where list = in_list and version = in_version order by place limit 12) c;
  raise exception using errcode = '23514', constraint = 'unknown-code', column = field, table = layer,
    message = format('%s: kode "%s" tidak ada dalam daftar %s versi %s. Kode yang ada antara lain: %s.', title, value, in_list, in_version, coalesce(examples, '-')),
    detail = format('%s: the code "%s" is not in the list %s, version %s.', field, value, in_list, in_version);
end
$$;

-- box is west, south, east, north in degrees.
create or replace function simtaru.box(g geometry) returns float8[]
language sql immutable parallel safe
as $$
  select case when g is null then null else array[st_xmin(g), st_ymin(g), st_xmax(g), st_ymax(g)] end
$$;

-- refuse_truncate keeps history and the change feed true.
create or replace function simtaru.refuse_truncate() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using errcode = '0A000', table = tg_table_name,
    message = format('Tabel %s tidak boleh dikosongkan dengan TRUNCATE, karena riwayatnya akan hilang. Pakai DELETE.', tg_table_name),
    detail = 'TRUNCATE would bypass history and the change feed; use DELETE.';
end
$$;

-- catalog_changed counts, so that readers of the change feed load again.
create or replace function simtaru.catalog_changed() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update simtaru.state set catalog = catalog + 1;
  perform pg_notify('simtaru_change', '');
  return null;
end
$$;

create or replace trigger catalog_changed after insert or update or delete on simtaru.layer
  for each statement execute function simtaru.catalog_changed();
create or replace trigger catalog_changed after insert or update or delete on simtaru.code_list
  for each statement execute function simtaru.catalog_changed();
create or replace trigger catalog_changed after insert or update or delete on simtaru.code
  for each statement execute function simtaru.catalog_changed();

-- prune forgets changes older than keep, except those that a running
-- transaction could still hide from a reader. History is not touched. Readers
-- that were away for longer load everything again. Results of repeatable
-- requests go after a week.
create or replace function simtaru.prune(keep interval) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  ended xid8 := pg_snapshot_xmin(pg_current_snapshot());
  highest xid8;
  pruned bigint;
begin
  select txid into highest from simtaru.change
    where at < now() - keep and txid < ended order by txid desc limit 1;
  delete from simtaru.change where at < now() - keep and txid < ended;
  get diagnostics pruned = row_count;
  -- Who repeats a request does so within minutes, hardly after a week.
  delete from simtaru.idempotency where at < now() - interval '7 days';
  -- xid8 cannot be added to.
  update simtaru.state set feed_floor = (highest::text::numeric + 1)::text::xid8 where feed_floor <= highest;
  return pruned;
end
$$;

-- catalog_version counts the changes of declarations and code lists.
create or replace function simtaru.catalog_version() returns bigint
language sql stable
set search_path = pg_catalog, pg_temp
as $$ select catalog from simtaru.state $$;
