-- Changes of transactions below this one may have been pruned.
select feed_floor::text from simtaru.state
