-- Functions of the platform, re-created as a whole. Messages that a planner
-- reads in QGIS are Indonesian; DETAIL says the same in English, CONSTRAINT is
-- a stable slug and COLUMN the field, which is how the server reads them.
-- Functions that call PostGIS are called from triggers that have set the path.

-- actor names who acts. Only the server itself, whose login owns this schema
-- or belongs to its owner, may name somebody else; what others set, an
-- administrator in QGIS too, is ignored.
create or replace function simtaru.actor() returns text
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  named text := current_setting('simtaru.actor', true);
begin
  if named <> '' and pg_has_role(session_user, (select nspowner from pg_namespace where nspname = 'simtaru'), 'member') then
    return named;
  end if;
  return session_user;
end
$$;

-- in_scope tells whether a layer is among those that this transaction is
-- narrowed to; a transaction that is not narrowed reaches all that its role
-- may. Policies ask it once a statement.
create or replace function simtaru.in_scope(layer text) returns boolean
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select case when current_setting('simtaru.scope', true) <> ''
    then layer = any(string_to_array(current_setting('simtaru.scope', true), ','))
    else true end
$$;

-- readable_layers are those that the current role may select, within the scope.
create or replace function simtaru.readable_layers() returns text[]
language sql stable parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(relname::text), '{}') from pg_class
  where relnamespace = 'plan'::regnamespace and relkind in ('r', 'p')
    and has_table_privilege(oid, 'select') and simtaru.in_scope(relname)
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
  -- No program expects an empty part, and GeoJSON has no word for it.
  if st_numgeometries(g) > 1 and (select count(*) from st_dump(g) d where not st_isempty(d.geom)) < st_numgeometries(g) then
    raise exception using errcode = '23514', constraint = 'geometry-empty', column = 'geom',
      message = 'Geometri ini mempunyai bagian yang kosong. Hapus bagian itu; di QGIS: Processing Toolbox, "Fix geometries".',
      detail = 'The geometry has an empty part; remove it, in QGIS by Processing Toolbox, "Fix geometries".';
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

-- take_geometry makes of what a client sent what the layer stores: plain
-- coordinates in EPSG:4326, without Z and M, multi where the layer is. What
-- cannot become that is refused in words. Type and SRID stand in the header;
-- nothing here calls GEOS before check_geometry has counted vertices.
create or replace function simtaru.take_geometry(g geometry, layer text, type text) returns geometry
language plpgsql volatile
as $$
declare
  given constant text := rtrim(geometrytype(g), 'M');
begin
  if given <> type and 'MULTI' || given <> type then
    perform simtaru.refuse_geometry_type(layer, type, given);
  end if;
  if st_srid(g) = 0 then
    g := st_setsrid(g, 4326);
  elsif st_srid(g) <> 4326 then
    perform simtaru.refuse('geometry-srid', layer, 'geom',
      format('Sistem koordinat geometri ini EPSG:%s, sedangkan layer disimpan dalam EPSG:4326. Ubah dahulu ke EPSG:4326; di SQL: ST_Transform(geom, 4326).', st_srid(g)),
      format('The geometry is in EPSG:%s, the layer is stored in EPSG:4326; transform it first, in SQL by ST_Transform(geom, 4326).', st_srid(g)));
  end if;
  if st_ndims(g) > 2 then
    g := st_force2d(g);
  end if;
  if given <> type then
    g := st_multi(g);
  end if;
  perform simtaru.check_geometry(g);
  return g;
end
$$;

-- widen makes of points and lines the area that reaches some metres beyond them,
-- measured on the ground, as a MultiPolygon: a point becomes one of 16 corners.
-- The projection in which that is drawn is right near its middle, so what is
-- wider than a degree is refused, and what has hundreds of corners: a buffer of
-- lines that cross each other all over takes seconds.
create or replace function simtaru.widen(g geometry, metres float8) returns geometry
language plpgsql immutable strict parallel safe set search_path from current
as $$
begin
  if st_npoints(g) > 500 or st_xmax(g) - st_xmin(g) > 1 or st_ymax(g) - st_ymin(g) > 1 then
    raise exception using errcode = '23514', constraint = 'geometry-too-large', column = 'geom',
      message = 'Titik atau garis ini terlalu besar untuk dilebarkan: paling banyak 500 titik, dalam satu derajat. Pecah menjadi beberapa fitur, atau gambar daerahnya.',
      detail = 'This point or line is too large to be widened: at most 500 vertices, within a degree. Split it into several features, or draw the area.';
  end if;
  return st_multi(st_buffer(g::geography, metres, 'quad_segs=4')::geometry);
end
$$;

-- refuse_geometry_type says what the layer stores, what was sent, and what to
-- do about curves and collections, which QGIS makes easily.
create or replace function simtaru.refuse_geometry_type(layer text, type text, given text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  advice_id text := '';
  advice_en text := '';
begin
  if given ~ 'CURVE|CIRCULAR|SURFACE' then
    advice_id := ' Ubah dahulu garis lengkungnya menjadi ruas lurus; di QGIS: Processing Toolbox, "Segmentize by maximum angle".';
    advice_en := ' Turn curves into straight segments first; in QGIS: Processing Toolbox, "Segmentize by maximum angle".';
  elsif given = 'GEOMETRYCOLLECTION' then
    advice_id := ' Pisahkan dahulu bagian-bagiannya, lalu simpan hanya yang jenisnya cocok.';
    advice_en := ' Separate its parts first and store those of the right type.';
  end if;
  perform simtaru.refuse('geometry-type', layer, 'geom',
    format('Jenis geometri tidak cocok: layer ini menyimpan %s (%s), yang dikirim %s.%s',
      case when type like '%POLYGON' then 'poligon' when type like '%LINESTRING' then 'garis' else 'titik' end, type, given, advice_id),
    format('The type of geometry does not fit: this layer stores %s, what was sent is %s.%s', type, given, advice_en));
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

-- refuse_code says that a value is in no list, and which ones would be: in the
-- same words as package exchange does of what comes over HTTP.
create or replace function simtaru.refuse_code(layer text, field text, title text, value text, in_list text, in_version text) returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  examples text;
  sent text := left(regexp_replace(value, '[\u0001-\u001f\u007f]', ' ', 'g'), 81);
begin
  if char_length(sent) > 80 then
    sent := left(sent, 80) || '...';
  end if;
  select coalesce(string_agg(code, ', ' order by place), '-') into examples
    from (select code, place from simtaru.code where list = in_list and version = in_version order by place limit 12) c;
  raise exception using errcode = '23514', constraint = 'unknown-code', column = field, table = layer,
    message = format('%s: kode "%s" tidak ada dalam daftar %s versi %s. Kode yang ada antara lain: %s.', title, sent, in_list, in_version, examples),
    detail = format('%s: the code "%s" is not in the list %s, version %s. Among its codes are: %s.', field, sent, in_list, in_version, examples);
end
$$;

-- moment writes a time as it is read here: 24 Nov 2026 10.15 WIB.
create or replace function simtaru.moment(at timestamptz) returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select to_char(local, 'FMDD ')
    || (array['Jan', 'Feb', 'Mar', 'Apr', 'Mei', 'Jun', 'Jul', 'Agu', 'Sep', 'Okt', 'Nov', 'Des'])[extract(month from local)::int]
    || to_char(local, ' FMYYYY HH24.MI "WIB"')
  from (select at at time zone 'Asia/Jakarta') l (local)
$$;

-- moment_en is moment in English.
create or replace function simtaru.moment_en(at timestamptz) returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$ select to_char(at at time zone 'Asia/Jakarta', 'FMDD Mon FMYYYY HH24:MI "WIB"') $$;

-- refuse_stale says who was first, and when. Where the same person has saved
-- over that a moment ago, as QGIS does over HTTP, which sends the shape on its
-- own and says what it had read only with the attributes, it says that this one
-- stands. What is of this same transaction does not: it goes with the refusal.
create or replace function simtaru.refuse_stale(layer text, feature bigint, read bigint, revision bigint, changed_by text, changed_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  other text;
  other_at timestamptz;
begin
  if changed_by = simtaru.actor() and changed_at < now() and changed_at > now() - interval '1 minute' then
    execute format('select updated_by, updated_at from history.%I where id = $1 and revision = $2', layer) into other, other_at using feature, revision - 1;
  end if;
  if other <> changed_by then
    raise exception using errcode = 'SU412', constraint = 'stale', table = layer, column = 'read_revision',
      message = format('Fitur ini sudah diubah oleh %s pada %s, sesudah Anda membacanya (fitur %s, yang Anda baca revisi %s). Yang ini belum disimpan, tetapi yang Anda kirim sesaat sebelumnya, biasanya bentuknya, SUDAH tersimpan sebagai revisi %s dan menimpa revisi %s. Muat ulang layernya dan periksa; revert ke revisi %6$s mengembalikan yang sebelumnya.',
        other, simtaru.moment(other_at), feature, read, revision, revision - 1),
      detail = format('This feature was changed by %s on %s, after you had read it (feature %s, you read revision %s). This is not stored, but what you sent a moment before, usually the shape, IS stored as revision %s, over revision %s. Reload the layer and look; revert to revision %6$s brings the one before back.',
        other, simtaru.moment_en(other_at), feature, read, revision, revision - 1);
  end if;
  raise exception using errcode = 'SU412', constraint = 'stale', table = layer, column = 'read_revision',
    message = format('Fitur ini sudah diubah oleh %s pada %s, sesudah Anda membacanya (fitur %s sekarang revisi %s, yang Anda baca revisi %s). Suntingan Anda belum disimpan: muat ulang layernya, periksa perubahan itu, lalu sunting lagi.',
      changed_by, simtaru.moment(changed_at), feature, revision, read),
    detail = format('This feature was changed by %s on %s, after you had read it (feature %s is at revision %s, you read revision %s). Your edit is not stored: reload the layer, look at that change, then edit again.',
      changed_by, simtaru.moment_en(changed_at), feature, revision, read);
end
$$;

-- refuse_overtaken refuses to change or delete what somebody else has changed since this
-- transaction began. QGIS with transaction groups keeps one open from the first
-- edit to the save, and says which revision it had read only when it has
-- written already. A change is as late as its commit where the server keeps
-- that (track_commit_timestamp), or else as the beginning of its transaction.
-- Not held to it are programs that ask for a revision themselves, and triggers.
create or replace function simtaru.refuse_overtaken(layer text, feature bigint, revision bigint, changed_by text, changed_at timestamptz) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  made xid8;
begin
  if current_setting('simtaru.empty_update', true) = 'on' or pg_trigger_depth() > 1 then
    return;
  end if;
  if current_setting('track_commit_timestamp') = 'on' then
    execute format('select sys_txid from history.%I where id = $1 and revision = $2', layer) into made using feature, revision;
    changed_at := coalesce(pg_xact_commit_timestamp(made::xid), changed_at);
  end if;
  if changed_at <= now() then
    return;
  end if;
  raise exception using errcode = 'SU412', constraint = 'stale', table = layer, column = 'read_revision',
    message = format('Fitur ini sudah diubah oleh %s pada %s, sesudah Anda mulai menyunting (fitur %s sekarang revisi %s). Suntingan ini belum disimpan: simpan atau batalkan dahulu suntingan Anda yang lain, muat ulang layernya, periksa perubahan itu, lalu sunting lagi.',
      changed_by, simtaru.moment(changed_at), feature, revision),
    detail = format('This feature was changed by %s on %s, after you had begun to edit (feature %s is at revision %s). This edit is not stored: save or discard your other edits first, reload the layer, look at that change, then edit again.',
      changed_by, simtaru.moment_en(changed_at), feature, revision);
end
$$;

-- refuse_untouched refuses an UPDATE that found no row, which QGIS would show
-- as saved. The feature is named where the client's own text names it, as
-- that of QGIS does (... where "id" = 12), and it is known to be deleted. Not
-- meant are programs that say so by simtaru.empty_update, triggers that tidy
-- up, and an INSERT or MERGE that would update.
create or replace function simtaru.refuse_untouched(layer text) returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  said constant text := current_query();
  feature bigint;
  op text;
  who text;
  at timestamptz;
begin
  if current_setting('simtaru.empty_update', true) = 'on' or pg_trigger_depth() > 1
    or said ~* '\mon\s+conflict\M|\mmerge\s+into\M' then
    return;
  end if;
  feature := substring(said from '(?i)^\s*update\s[^;]*\swhere\s+"?id"?\s*=\s*(\d{1,16})\s*;?\s*$');
  if feature is not null then
    execute format('select sys_op, sys_actor, sys_from from history.%I where id = $1 order by revision desc limit 1', layer)
      into op, who, at using feature;
  end if;
  if op = 'delete' then
    raise exception using errcode = 'SU404', constraint = 'feature-gone', table = layer, column = 'id',
      message = format('Fitur %s sudah dihapus oleh %s pada %s, sehingga suntingan Anda tidak dapat disimpan. Batalkan suntingan fitur itu dan muat ulang layernya.',
        feature, who, simtaru.moment(at)),
      detail = format('Feature %s was deleted by %s on %s, so your edit cannot be stored. Discard the edit of that feature and reload the layer.',
        feature, who, simtaru.moment_en(at));
  end if;
  raise exception using errcode = 'SU404', constraint = 'feature-gone', table = layer, column = 'id',
    message = 'Tidak ada fitur yang berubah: fitur yang Anda sunting sudah dihapus atau tidak ada. Batalkan suntingannya dan muat ulang layernya. (Bila UPDATE memang boleh tidak mengenai satu fitur pun: SET simtaru.empty_update = ''on''.)',
    detail = 'No feature was changed: the one that you edited is deleted or does not exist. Discard the edit and reload the layer. (Where an UPDATE may touch nothing: SET simtaru.empty_update = ''on''.)';
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

-- insert_only keeps rows as they were made. It is given what to say, in both
-- languages.
create or replace function simtaru.insert_only() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception using errcode = '55000', message = tg_argv[0], hint = tg_argv[1];
end
$$;
create or replace trigger keep_rules before update or delete or truncate on simtaru.rule_set
  for each statement execute function simtaru.insert_only('Aturan yang sudah diimpor tidak diubah dan tidak dihapus; impor aturan yang baru.',
    'Rules that were imported are neither changed nor removed: import new ones.');
create or replace trigger keep_extracts before delete or truncate on simtaru.extract
  for each statement execute function simtaru.insert_only('Kutipan yang sudah dibuat tidak diubah dan tidak dihapus.',
    'Extracts that were made are neither changed nor removed.');
-- But for a document whose time is over.
create or replace trigger keep_extract before update on simtaru.extract
  for each row when (new.document is not null or old.kept_until is null or old.kept_until > now()
    or (new.id, new.key, new.sha256, new.created_at, new.signature, new.kept_until)
      is distinct from (old.id, old.key, old.sha256, old.created_at, old.signature, old.kept_until))
  execute function simtaru.insert_only('Kutipan yang sudah dibuat tidak diubah dan tidak dihapus.',
    'Extracts that were made are neither changed nor removed.');

-- forget_extracts takes away the documents whose time is over, and returns how
-- many. That there was an extract, its hash and its signature stay.
create or replace function simtaru.forget_extracts() returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  forgotten bigint;
begin
  update simtaru.extract set document = null where document is not null and kept_until <= now();
  get diagnostics forgotten = row_count;
  return forgotten;
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
create or replace trigger catalog_changed after insert or update or delete on simtaru.coverage
  for each statement execute function simtaru.catalog_changed();
create or replace trigger catalog_changed after insert or update or delete on simtaru.indicator
  for each statement execute function simtaru.catalog_changed();

-- prune forgets changes older than keep, except those that a running
-- transaction could still hide from a reader. History is not touched. Readers
-- that were away for longer load everything again. Results of repeatable
-- requests go after a week, how to reach who sent something after a year.
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
  -- Until then an officer can call back.
  update simtaru.submission set contact = null where contact is not null and at < now() - interval '1 year';
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

-- What fields are computed by (plan.Function). Constraints hold what they gave
-- then: one that should come to something else gets another name. None of them
-- fails, whatever it is given: the rules of a field speak after them.

-- percent is what a number is of another, in percent. It is rounded to nine
-- decimals, which takes away what binary fractions add to decimal ones: 0.24995
-- of 1 is 24.995. A whole below 1e-6 is none, a volume below 1e-9 is 0, and 1e12 is
-- the most of either: beyond that a quotient could overflow, which is an error.
create or replace function simtaru.percent(volume float8, whole float8) returns float8
language sql immutable strict parallel safe
return case
  when not whole >= 1e-6 or whole = 'nan' or volume = 'nan' then null
  when volume < 1e-9 then 0
  else round(100 * least(volume, 1e12) / least(whole, 1e12) * 1e9) / 1e9
end;

-- mean is that of the values that are there.
create or replace function simtaru.mean(variadic given float8[]) returns float8
language sql immutable parallel safe
return (select sum(v) / count(v) from unnest(given) v);

-- total is the sum of the values that are there.
create or replace function simtaru.total(variadic given bigint[]) returns bigint
language sql immutable parallel safe
return (select sum(v)::bigint from unnest(given) v);

-- given counts the values that are there.
create or replace function simtaru.given(variadic given float8[]) returns bigint
language sql immutable parallel safe
return num_nonnulls(variadic given)::bigint;

-- slum_score is that of one criterion of Permen PUPR 14/PRT/M/2018, whose table
-- says 25-50, 51-75 and 76-100: what lies between is closed by rounding to two
-- decimals.
create or replace function simtaru.slum_score(percent float8) returns bigint
language sql immutable strict parallel safe
return case when percent >= 75.995 then 5 when percent >= 50.995 then 3 when percent >= 24.995 then 1 else 0 end;

-- slum_class is that of the sum of the sixteen scores.
create or replace function simtaru.slum_class(total bigint) returns text
language sql immutable strict parallel safe
return case when total >= 60 then 'KB' when total >= 38 then 'KS' when total >= 16 then 'KR' else 'TK' end;
