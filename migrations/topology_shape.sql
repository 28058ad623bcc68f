-- Areas that topology.sql computes with: what features share, leave open, and
-- where two versions differ. Overlays are computed on a grid of 1e-11 degrees (a
-- micrometre): in plain floating point GEOS can lose a whole polygon where edges
-- nearly coincide. Polygons below 0.001 m2 are no polygons. What GEOS would be
-- busy with for minutes, which no timeout ends, is refused before (SU500). An
-- area that is null is unknown, and counts as large.

-- topology_grid is the grid for an overlay of a and b. Large ones do without: on
-- regular shapes the grid costs the square of their vertices.
create or replace function simtaru.topology_grid(a geometry, b geometry) returns float8
language sql immutable parallel safe
as $$
  select case when coalesce(st_npoints(a), 0) + coalesce(st_npoints(b), 0) <= 10000 then 1e-11 else -1 end
$$;

-- topology_union puts pieces together; null if there are none.
create or replace function simtaru.topology_union(pieces geometry[]) returns geometry
language sql immutable parallel safe
as $$
  select st_unaryunion(c, simtaru.topology_grid(c, null)) from st_collect(pieces) c
$$;

-- topology_m2 is the area on the ground. PostGIS fails on what has next to none,
-- which its planar area tells. It is null, unknown, of what reaches half around
-- the world: an edge between opposite points has no shortest way, and PostGIS
-- fails or takes the smaller side of a ring for its inside.
create or replace function simtaru.topology_m2(g geometry) returns float8
language sql immutable parallel safe
as $$
  select nullif(coalesce(sum(case
    when st_xmax(d.geom) - st_xmin(d.geom) > 179 or st_ymax(d.geom) - st_ymin(d.geom) > 179 then 'NaN'
    else st_area(d.geom::geography)
  end), 0), 'NaN')
  from st_dump(st_collectionextract(g, 3)) d where st_area(d.geom) > 5e-14
$$;

-- topology_why says for people why GEOS did not answer. An interruption is no
-- reason: whoever ends a statement ends all of it.
create or replace function simtaru.topology_why(state text, message text) returns jsonb
language plpgsql immutable
as $$
begin
  if message ~* 'interrupt' then
    raise exception '%', message using errcode = state;
  elsif state = 'SU500' then
    return jsonb_build_object('id', 'batas-batas di sini saling memotong terlalu sering', 'en', 'borders here cross each other too often');
  end if;
  return jsonb_build_object('id', 'perhitungannya gagal, ' || message, 'en', 'the computation failed, ' || message);
end
$$;

-- topology_box is the box of what could not be computed, wide enough to be seen.
create or replace function simtaru.topology_box(g geometry) returns geometry
language sql immutable parallel safe
as $$
  select st_multi(st_intersection(st_expand(st_envelope(g), 1e-6), st_makeenvelope(-180, -90, 180, 90, 4326)))
$$;

-- topology_parts are the polygons in g that are more than noise; null if none.
create or replace function simtaru.topology_parts(g geometry) returns geometry
language sql immutable parallel safe
as $$
  select st_multi(st_collect(case when st_isvalid(d.geom) then d.geom else st_makevalid(d.geom, 'method=structure') end))
  from st_dump(st_collectionextract(g, 3)) d
  where coalesce(simtaru.topology_m2(d.geom) > 0.001, true)
$$;

-- topology_pieces takes a gap apart where it hangs together by less than 4e-9
-- degrees (half a millimetre), and takes off spikes as thin and longer than a
-- metre: whether two gaps touch, or one reaches along an edge, must not depend
-- on noise. Elsewhere the corners are those of the features around it.
create or replace function simtaru.topology_pieces(g geometry) returns setof geometry
language plpgsql immutable parallel safe
as $$
declare
  thick geometry;
  thin geometry;
begin
  if st_npoints(g) > 10000 then
    return query select d.geom from st_dump(g) d; -- a border so long takes seconds
    return;
  end if;
  thick := st_buffer(st_buffer(g, -2e-9, 'join=mitre'), 3e-9, 'join=mitre');
  select st_collect(t.geom) into thin from st_dump(st_collectionextract(st_difference(g, thick), 3)) t
    where st_perimeter(t.geom) > 2e-5
      or (select count(*) from st_dump(thick) p where p.geom && t.geom and st_dwithin(p.geom, t.geom, 1e-12)) > 1;
  if thin is not null then
    g := st_difference(g, st_buffer(thin, 1e-9, 'join=mitre'));
  elsif not st_isvalid(g) then
    g := st_makevalid(g, 'method=structure');
  end if;
  -- Without the corners where it was put together, which lie on a line.
  return query
    select coalesce(st_simplify(st_normalize(d.geom), 1e-10), d.geom) from st_dump(st_collectionextract(g, 3)) d;
end
$$;

-- topology_meet is ST_Intersects, which GEOS cannot answer where edges of valid
-- polygons nearly coincide, and takes minutes over for some large ones: then
-- they may meet. PostgreSQL before 17 catches no error in a parallel plan.
create or replace function simtaru.topology_meet(a geometry, b geometry) returns boolean
language plpgsql immutable cost 10000
as $$
begin
  return st_npoints(a) + st_npoints(b) > 20000 or st_intersects(a, b);
exception when internal_error then
  return true;
end
$$;

-- topology_clip is the part of a large g around a box, so that a union sees no
-- more of it than it needs. The cut lies outside the box. What would fall into
-- many parts, which takes seconds, is left whole.
create or replace function simtaru.topology_clip(g geometry, around geometry) returns geometry
language plpgsql immutable parallel safe
as $$
declare
  box geometry;
  part geometry;
begin
  if st_npoints(g) <= 300 then
    return g;
  end if;
  box := st_expand(st_envelope(around), 1e-6);
  if box ~ g or st_numgeometries(st_clipbybox2d(st_boundary(g), box)) > 500 then
    return g;
  end if;
  part := st_clipbybox2d(g, box);
  return case when st_isvalid(part) then part else g end;
end
$$;

-- topology_overlap is what two features share; or, where that cannot be
-- computed, the common part of their boxes, and why.
create or replace function simtaru.topology_overlap(a geometry, b geometry, out geom geometry, out area float8, out why jsonb)
language plpgsql volatile
as $$
declare
  box geometry;
  edges geometry;
begin
  -- Functions in SQL are planned anew in each block that catches errors, so none
  -- is called within.
  begin
    if st_npoints(a) + st_npoints(b) > 20000 then
      box := st_intersection(st_envelope(a), st_envelope(b));
      edges := st_collect(st_clipbybox2d(st_boundary(a), box), st_clipbybox2d(st_boundary(b), box));
      if st_dimension(box) = 2 and simtaru.too_entangled(edges) then
        raise exception 'two features cross too often' using errcode = 'SU500';
      end if;
    end if;
    geom := st_intersection(a, b, simtaru.topology_grid(a, b));
  exception when internal_error or sqlstate 'SU500' then
    geom := simtaru.topology_box(st_intersection(st_envelope(a), st_envelope(b)));
    why := simtaru.topology_why(sqlstate, sqlerrm);
    return;
  end;
  geom := simtaru.topology_parts(geom);
  area := simtaru.topology_m2(geom);
end
$$;

-- topology_difference is the area in which two versions of a feature differ:
-- the D of above. Of points and lines it is both versions.
create or replace function simtaru.topology_difference(a geometry, b geometry) returns geometry
language plpgsql volatile
as $$
begin
  if a is null or b is null or st_dimension(a) < 2 then
    return st_collect(array_remove(array[a, b], null));
  end if;
  if st_npoints(a) + st_npoints(b) > 20000 and simtaru.too_entangled(st_collect(a, b)) then
    raise exception 'two versions of a feature cross too often' using errcode = 'SU500';
  end if;
  return simtaru.topology_parts(st_symdifference(a, b, simtaru.topology_grid(a, b)));
end
$$;

-- topology_covered is the union of a layer's features around an area; null
-- where there are none.
create or replace function simtaru.topology_covered(in_layer text, area geometry) returns geometry
language plpgsql volatile
as $$
declare
  parts geometry;
begin
  execute format($q$
    select st_collect(simtaru.topology_clip(f.geom, $1)) from plan.%I f where f.geom && $1 and simtaru.topology_meet(f.geom, $1)
  $q$, in_layer) into parts using area;
  if simtaru.too_entangled(parts) then
    raise exception 'features of % cross each other too often', in_layer using errcode = 'SU500';
  end if;
  return st_unaryunion(parts, simtaru.topology_grid(parts, null));
end
$$;

-- topology_uncovered is the part of an area that should be covered by a layer
-- (all of it, or what is within the outer layer) and is not; null where nothing
-- is missing. The area has upright and level edges, and is cut out last: what is
-- found on both sides of such an edge fits together exactly, while other
-- borders are those of the features, whatever the area.
create or replace function simtaru.topology_uncovered(in_layer text, outer_layer text, area geometry) returns geometry
language plpgsql volatile
as $$
declare
  rest geometry := area;
  covered geometry;
begin
  if outer_layer is not null then
    rest := simtaru.topology_covered(outer_layer, area);
  end if;
  covered := simtaru.topology_covered(in_layer, area);
  if covered is not null then
    rest := st_difference(rest, covered, simtaru.topology_grid(rest, covered));
  end if;
  if outer_layer is not null then
    rest := st_intersection(rest, area, simtaru.topology_grid(rest, area));
  end if;
  rest := st_collectionextract(rest, 3);
  return case when st_isempty(rest) then null else rest end;
end
$$;

-- topology_outside is the part of a feature that lies outside the layer that it
-- should be within; or, where that cannot be computed, its box, and why. Points
-- and lines, which have no area, get a little around them, so that the issue can
-- be seen.
create or replace function simtaru.topology_outside(g geometry, outer_layer text, out geom geometry, out area float8, out why jsonb)
language plpgsql volatile
as $$
declare
  contained boolean;
  covered geometry;
  rest geometry;
begin
  if g is null then
    return;
  end if;
  begin
    execute format('select exists (select from plan.%I o where o.geom ~ $1 and st_covers(o.geom, $1))', outer_layer)
      into contained using g;
    if contained then
      return;
    end if;
  exception when internal_error then
    null; -- As in topology_meet: the overlay tells.
  end;
  begin
    covered := simtaru.topology_covered(outer_layer, g);
    rest := case when covered is null then g else st_difference(g, covered, simtaru.topology_grid(g, covered)) end;
  exception when internal_error or sqlstate 'SU500' then
    geom := simtaru.topology_box(g);
    why := simtaru.topology_why(sqlstate, sqlerrm);
    return;
  end;
  if st_dimension(g) = 2 then
    geom := simtaru.topology_parts(rest);
    area := simtaru.topology_m2(geom);
  elsif not st_isempty(rest) and (st_dimension(g) = 0 or case when st_length(rest) > 1 then true else st_length(rest::geography) > 0.01 end) then
    geom := st_multi(st_intersection(st_buffer(rest, 2e-5, 4), st_makeenvelope(-180, -90, 180, 90, 4326)));
  end if;
end
$$;
