//go:build tools

package tools

import _ "github.com/h2non/imaginary"
