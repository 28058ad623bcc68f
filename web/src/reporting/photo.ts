// A photo as it is sent: as large as the server keeps it, since a camera's file is
// ten times that and the line may be weak.

/** The longest side that the server keeps, in pixels. */
const longest = 2048;
/** A file of fewer bytes whose sides are kept is sent as it is. */
const small = 1 << 20;

/** The photo scaled and upright, as JPEG; the file itself where this browser cannot do that. */
export async function scaled(file: File): Promise<Blob> {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    try {
      return (await drawn(file, picture)) ?? file;
    } finally {
      picture.close();
    }
  } catch {
    return file; // the server says what is wrong with it
  }
}

async function drawn(file: File, picture: ImageBitmap): Promise<Blob | undefined> {
  const share = Math.min(1, longest / Math.max(picture.width, picture.height));
  if (share === 1 && file.size <= small) return undefined;
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(picture.width * share));
  canvas.height = Math.max(1, Math.floor(picture.height * share));
  const context = canvas.getContext("2d");
  if (!context || !faithful(context)) return undefined;
  context.fillStyle = "white";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
  return made && made.size < file.size ? made : undefined;
}

/** Whether what is drawn can be read: browsers against tracking hand out noise instead. */
function faithful(context: CanvasRenderingContext2D): boolean {
  context.fillStyle = "rgb(12, 34, 56)";
  context.fillRect(0, 0, 1, 1);
  return String(context.getImageData(0, 0, 1, 1).data) === "12,34,56,255";
}
