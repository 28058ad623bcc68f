package httpd_test

import (
	"context"
	"os"
	"testing"

	"github.com/simtaru/simtaru/internal/testdb"
)

func TestMain(m *testing.M) { os.Exit(testdb.Main(context.Background(), m)) }
