package postgis

import _ "embed"

// The static statements. A test prepares each against the migrated schema.
var (
	//go:embed sql/position.sql
	sqlPosition string
	//go:embed sql/continues.sql
	sqlContinues string
	//go:embed sql/since.sql
	sqlSince string
	//go:embed sql/prune.sql
	sqlPrune string
	//go:embed sql/act_as.sql
	sqlActAs string
	//go:embed sql/write_layer.sql
	sqlWriteLayer string
	//go:embed sql/write_list.sql
	sqlWriteList string
	//go:embed sql/write_code.sql
	sqlWriteCode string
	//go:embed sql/held.sql
	sqlHeld string
	//go:embed sql/lists.sql
	sqlLists string
	//go:embed sql/read_setting.sql
	sqlReadSetting string
	//go:embed sql/write_setting.sql
	sqlWriteSetting string
	//go:embed sql/drift_columns.sql
	sqlDriftColumns string
	//go:embed sql/drift_history_columns.sql
	sqlDriftHistoryColumns string
	//go:embed sql/drift_constraints.sql
	sqlDriftConstraints string
	//go:embed sql/drift_indexes.sql
	sqlDriftIndexes string
	//go:embed sql/drift_triggers.sql
	sqlDriftTriggers string
	//go:embed sql/drift_privileges.sql
	sqlDriftPrivileges string
	//go:embed sql/drift_geometry.sql
	sqlDriftGeometry string
	//go:embed sql/drift_policies.sql
	sqlDriftPolicies string
)
