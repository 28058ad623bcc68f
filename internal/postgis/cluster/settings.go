package cluster

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

// cityServer is the configuration for one city on one small server, which
// PostgreSQL shares with us. memory is the machine's in MB. A line in
// postgresql.conf below the include, or ALTER SYSTEM, overrides each.
func cityServer(memory int) map[string]string {
	buffers := min(max(memory/8, 128), 1024)
	return map[string]string{
		"shared_buffers":       fmt.Sprintf("%dMB", buffers),
		"effective_cache_size": fmt.Sprintf("%dMB", max(memory/2, 512)),
		"work_mem":             "16MB",
		"maintenance_work_mem": "128MB",
		"max_connections":      "60",
		"max_wal_size":         "2GB",
		"wal_compression":      "on",
		"random_page_cost":     "1.1",
		// PostGIS functions cost so much in the planner's eyes that it would
		// compile small queries for longer than they run.
		"jit":                "off",
		"fsync":              "on",
		"full_page_writes":   "on",
		"synchronous_commit": "on",
		// An editor is told what was committed since it began: simtaru.refuse_overtaken.
		"track_commit_timestamp":           "on",
		"password_encryption":              "scram-sha-256",
		"client_connection_check_interval": "1s",
		"tcp_keepalives_idle":              "60",
		"log_min_duration_statement":       "5s",
		"log_line_prefix":                  "%m [%p] %q%u@%d ",
		"log_lock_waits":                   "on",
		"timezone":                         "UTC",
		"log_timezone":                     "UTC",
	}
}

// settingsFile renders settings, sorted by name.
func settingsFile(settings map[string]string) []byte {
	var b bytes.Buffer
	b.WriteString("# Written by simtaru at each start. Put your own settings into postgresql.conf,\n" +
		"# below the line that includes this file.\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		fmt.Fprintf(&b, "%s = '%s'\n", name, strings.ReplaceAll(settings[name], "'", "''"))
	}
	return b.Bytes()
}

// machineMemory is the memory of the machine in MB, or 2048 where it cannot be
// told.
func machineMemory() int {
	const unknown = 2048
	f, err := os.Open("/proc/meminfo")
	if err != nil {
		return unknown
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) >= 2 && fields[0] == "MemTotal:" {
			if kb, err := strconv.Atoi(fields[1]); err == nil {
				return kb / 1024
			}
		}
	}
	return unknown
}

// hba is who may connect; see the package comment.
const hba = `# TYPE  DATABASE  USER      ADDRESS        METHOD
local   all       postgres                 peer map=simtaru
host    all       postgres  127.0.0.1/32   reject
host    all       all       127.0.0.1/32   scram-sha-256
`

// ident maps the operating-system users that may be the superuser.
func ident(users []string) []byte {
	var b bytes.Buffer
	b.WriteString("# Written by simtaru at each start.\n")
	for _, u := range users {
		fmt.Fprintf(&b, "simtaru %q postgres\n", u)
	}
	return b.Bytes()
}
