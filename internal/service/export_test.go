package service

import "time"

// SetPace sets how often waits look by themselves.
func (s *Service) SetPace(first, last time.Duration) { s.pace = pace{first, last} }
