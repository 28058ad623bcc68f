-- The definition that values are sent under. One sender at a time: two that
-- send the same value at once must not both find that it is new.
select declaration from simtaru.indicator where id = $1 and removed_at is null for no key update
