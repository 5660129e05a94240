//go:build tools

package tools

import _ "github.com/cshum/imagor/cmd/imagor"
