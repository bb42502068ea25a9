package config_test

import "testing"

func TestFilesOwnProfileMustExist(t *testing.T) {
	t.Parallel()
	_, err := load(nil, nil, write(t, "profile: wrok\nprofiles: {work: {database_url: postgres://db.example.com/d}}", 0o600))
	if err == nil {
		t.Error("a misspelt profile of the file is taken for the private server")
	}
}

func TestSecretsInOtherPlaces(t *testing.T) {
	t.Parallel()
	for _, a := range []string{"postgres://db.example.com/d?sslpassword=hunter22", "postgres://u:hunter22@a,b/d", "host=x password='a b'", "host=x password\t=\thunter22"} {
		_, err := load(map[string]string{"database_url": a}, nil, "")
		if err == nil {
			t.Errorf("%s is taken", a)
		}
	}
}
