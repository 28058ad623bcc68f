package tileset

import (
	"context"
	"strings"

	"github.com/simtaru/simtaru/tiles"
)

// draw renders a tile: it appends it to dst.
type draw func(dst []byte) ([]byte, error)

// finished returns a tile in the coding asked for and whether that is gzip: an
// empty tile is not. Without a cache it is rendered each time.
func (s *Service) finished(ctx context.Context, key tiles.Key, gzipped bool, draw draw) ([]byte, bool, error) {
	if s.cache == nil {
		data, err := draw(nil)
		if err != nil || len(data) == 0 || !gzipped {
			return data, false, err
		}
		data, err = compress(data)
		return data, true, err
	}
	coding := tiles.Identity
	if gzipped {
		coding = tiles.Gzip
	}
	data, err := s.cache.Get(ctx, key, coding, func(_ context.Context, dst []byte) ([]byte, error) { return draw(dst) })
	return data, gzipped && len(data) > 0, err
}

// CacheStats are the figures of the cache; zero without one.
func (s *Service) CacheStats() tiles.CacheStats {
	if s.cache == nil {
		return tiles.CacheStats{}
	}
	return s.cache.Stats()
}

// nameOf names a list of layers in a key: every spelling of the list alike.
func nameOf(layers []drawn) string {
	if len(layers) == 1 {
		return layers[0].layer.ID
	}
	ids := make([]string, len(layers))
	for i, d := range layers {
		ids[i] = d.layer.ID
	}
	return strings.Join(ids, ",")
}
