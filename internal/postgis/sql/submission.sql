select layer, feature from simtaru.submission where secret = $1
