-- What ran on a server that is no more will not be finished.
update simtaru.evacuation set status = 'failed', problem = $1, ended_at = now() where status = 'running'
