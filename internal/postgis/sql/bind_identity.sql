update simtaru.person set issuer = $2, subject = $3
where name = $1 and subject is null and not disabled
