-- The newest set of each version of a code list, of those imported after $1.
select distinct on (list, version) id, list, version, revision, document, sha256, imported_at, imported_by
from simtaru.rule_set
where id > $1
order by list, version, id desc
