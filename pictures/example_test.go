package pictures_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"

	"github.com/seed-374a2035/masto/pictures"
)

func ExamplePrepare() {
	// A blue picture of 1000 by 600 pixels.
	img := image.NewRGBA(image.Rect(0, 0, 1000, 600))
	draw.Draw(img, img.Rect, image.NewUniform(color.RGBA{0, 0, 255, 255}), image.Point{}, draw.Src)
	var upload bytes.Buffer
	_ = png.Encode(&upload, img)

	main, still, err := pictures.Prepare(context.Background(), "avatar", upload.Bytes())
	if err != nil {
		fmt.Println(err)
		return
	}
	size, format, _ := image.DecodeConfig(bytes.NewReader(main))
	fmt.Println(format, size.Width, size.Height, "moves:", still != nil)

	_, _, err = pictures.Prepare(context.Background(), "avatar", upload.Bytes()[:100])
	fmt.Println(err)
	// Output:
	// png 400 400 moves: false
	// Validation failed: Avatar is invalid: the file is truncated
}
