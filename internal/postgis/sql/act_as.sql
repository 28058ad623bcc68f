select set_config('simtaru.actor', $1, true), set_config('role', $2, true)
