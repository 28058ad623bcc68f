select simtaru.topology_apply($1, $2::text::pg_snapshot,
  $3, $4, (select array_agg(g::geometry order by n) from unnest($5::bytea[]) with ordinality u (g, n)), $6,
  $7, (select array_agg(g::geometry order by n) from unnest($8::bytea[]) with ordinality u (g, n)), $9,
  (select array_agg(g::geometry order by n) from unnest($10::bytea[]) with ordinality u (g, n)))
