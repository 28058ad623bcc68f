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
	//go:embed sql/changes.sql
	sqlChanges string
	//go:embed sql/feed_floor.sql
	sqlFeedFloor string
	//go:embed sql/prune.sql
	sqlPrune string
	//go:embed sql/act_as.sql
	sqlActAs string
	//go:embed sql/begin_edits.sql
	sqlBeginEdits string
	//go:embed sql/trace.sql
	sqlTrace string
	//go:embed sql/outcome.sql
	sqlOutcome string
	//go:embed sql/claim_key.sql
	sqlClaimKey string
	//go:embed sql/read_key.sql
	sqlReadKey string
	//go:embed sql/keep_result.sql
	sqlKeepResult string
	//go:embed sql/write_layer.sql
	sqlWriteLayer string
	//go:embed sql/write_list.sql
	sqlWriteList string
	//go:embed sql/write_code.sql
	sqlWriteCode string
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
)
