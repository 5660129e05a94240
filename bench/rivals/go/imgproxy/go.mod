module imgpeek.bench/imgproxy

go 1.24

require github.com/imgproxy/imgproxy/v3 v3.30.1
