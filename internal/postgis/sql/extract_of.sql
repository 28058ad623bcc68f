select id::text, document, sha256 from simtaru.extract where key = $1
