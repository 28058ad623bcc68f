select id::text, document, sha256 from simtaru.extract where id = $1
