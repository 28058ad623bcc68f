select layer, actor, reason from simtaru.topology_due_layers()
