package postgis

import _ "embed"

// The static statements. A test prepares each against the migrated schema.
var (
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
)
