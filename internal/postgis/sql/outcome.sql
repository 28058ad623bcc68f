-- What became of a transaction, and whether the change that it recorded is there.
select pg_xact_status($1::text::xid8), exists (select from simtaru.change where id = $2 and txid = $1::text::xid8)
