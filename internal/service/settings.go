package service

import (
	"slices"

	"github.com/farenctl/farenctl/internal/config"
)

// Settings tells every setting and where it is from. Of the private server's directory and keyring, whose places depend on the user, it
// tells the places themselves.
func (s *Service) Settings() ([]config.Setting, error) {
	all := slices.Clone(s.opts.Config.Settings)
	for i := range all {
		var err error
		switch setting := &all[i]; {
		case setting.Value != "":
		case setting.Name == "data_dir":
			setting.Value, err = s.dataDir()
		case setting.Name == "keyring":
			setting.Value = s.keyringFile()
		}
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
