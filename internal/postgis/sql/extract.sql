select id::text, document, sha256, signature, created_at, kept_until from simtaru.extract where id = $1
