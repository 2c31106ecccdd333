package masto

// AppendAccount appends the Account that [Site.Account] makes of r as JSON to dst.
func (s *Site) AppendAccount(dst []byte, r *Record, v View) []byte {
	a := s.Account(r, v)
	return a.AppendJSON(dst)
}
