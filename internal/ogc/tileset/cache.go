package tileset

import "context"

type cache struct{}

func newCache(int64) (*cache, error) { return &cache{}, nil }

// get returns a tile, gzipped or not, and whether it is.
func (c *cache) get(_ context.Context, _ Key, gzipped bool, draw func() ([]byte, error)) ([]byte, bool, error) {
	data, err := draw()
	if err != nil || len(data) == 0 || !gzipped {
		return data, false, err
	}
	data, err = compress(data)
	return data, true, err
}
