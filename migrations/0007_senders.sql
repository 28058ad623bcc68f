-- Tokens of systems that report, values that are taken back, and indicators that
-- a city does without.

-- Null: the token is not for sending values alone.
alter table simtaru.token add column indicators text[];

-- Null takes the values back that were sent before about that unit and moment.
alter table simtaru.observation alter column value drop not null;

-- What was kept of an indicator that was removed keeps its definition.
alter table simtaru.indicator add column removed_at timestamptz;
