select value from simtaru.setting where key = $1
