select count(*) from simtaru.person where role = 'admin' and not disabled
