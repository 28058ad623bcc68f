insert into simtaru.rule_set (list, version, revision, document, sha256)
values ($1, $2, 1 + coalesce((select max(revision) from simtaru.rule_set where list = $1 and version = $2), 0), $3, $4)
returning id, revision, imported_at, imported_by
