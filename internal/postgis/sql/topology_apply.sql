select simtaru.topology_apply($1, $2::text::pg_snapshot,
  coalesce($3::text[], '{}'), $4, $5, (select array_agg(g::geometry order by n) from unnest($6::bytea[]) with ordinality u (g, n)), $7,
  $8::text[]::jsonb[], (select array_agg(g::geometry order by n) from unnest($9::bytea[]) with ordinality u (g, n)), $10, $11)
