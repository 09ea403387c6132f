package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One DICOM object, reduced to what grouping and sorting need; the rest is read again on demand.
 */
public final class Instance {
  private static final int DIRECTORY_RECORD_SEQUENCE = 0x0004_1220;
  private static final int ACQUISITION_DATE_TIME = 0x0008_002A;
  private static final int ACQUISITION_DATE = 0x0008_0022;
  private static final int ACQUISITION_TIME = 0x0008_0032;
  private static final int CONTENT_DATE = 0x0008_0023;
  private static final int CONTENT_TIME = 0x0008_0033;
  private static final int TRIGGER_TIME = 0x0018_1060;
  private static final int RECEIVE_COIL_NAME = 0x0018_1250;

  private final InstanceSource source;
  private final String path;
  private final String seriesUid;
  private final String sopInstanceUid;
  private final String sopClassUid;
  private final String modality;
  private final int seriesNumber;
  private final int instanceNumber;
  private final int moment;
  private final String time;
  private final int owner;
  private final int reference;
  private final String coil;
  private final String kernel;
  private final boolean pixels;
  private final boolean cutOff;
  private final boolean directory;
  private final PixelMeaning meaning;
  private final List<Frame> frames;
  private final int framesLeftOut;

  private Instance(InstanceSource source, String path, DicomFile file) {
    DicomDataset dataset = file.dataset();
    this.source = source;
    this.path = path;
    this.seriesUid = dataset.string(Tag.SERIES_INSTANCE_UID).orElse("");
    this.sopInstanceUid = dataset.string(Tag.SOP_INSTANCE_UID).orElse("");
    this.sopClassUid = dataset.string(Tag.SOP_CLASS_UID).orElse("").intern();
    this.modality = dataset.string(Tag.MODALITY).orElse("").intern();
    this.seriesNumber = dataset.integer(Tag.SERIES_NUMBER).orElse(0);
    this.instanceNumber = dataset.integer(Tag.INSTANCE_NUMBER).orElse(0);
    this.moment = moment(dataset);
    this.time = instanceNumber > 0 ? "" : time(dataset);
    this.reference = dataset.string(Tag.FRAME_OF_REFERENCE_UID).map(String::hashCode).orElse(0);
    this.coil = coil(dataset);
    this.owner =
        Objects.hash(
            dataset.string(Tag.STUDY_INSTANCE_UID).orElse(""),
            dataset.string(Tag.PATIENT_ID).orElse(""));
    this.kernel = String.join("/", dataset.strings(Tag.CONVOLUTION_KERNEL)).intern();
    this.pixels = file.hasPixelData();
    this.cutOff =
        file.warnings().contains(DicomReader.FILE_CUT_OFF)
            || file.warnings().contains(DicomReader.PIXELS_CUT_OFF);
    this.directory = dataset.contains(DIRECTORY_RECORD_SEQUENCE);
    this.meaning = PixelMeaning.of(file);
    this.frames = FrameReader.frames(this, dataset);
    this.framesLeftOut =
        frames.isEmpty()
            ? 0
            : Math.max(0, dataset.integer(Tag.NUMBER_OF_FRAMES).orElse(1) - frames.size());
  }

  /**
   * Reads the header of an instance.
   *
   * @param path as messages and {@link Series#path} name it
   * @throws io.radnet.imaging.InvalidInputException where the source is no DICOM object
   */
  static Instance read(InstanceSource source, String path) {
    return new Instance(source, path, DicomReader.readHeader(source));
  }

  private static int moment(DicomDataset dataset) {
    String when = dataset.string(ACQUISITION_DATE_TIME).orElse("");
    String time = dataset.string(ACQUISITION_TIME).orElse("");
    String trigger = dataset.string(TRIGGER_TIME).orElse("");
    return when.isEmpty() && time.isEmpty() && trigger.isEmpty()
        ? 0
        : Objects.hash(when, time, trigger);
  }

  private static String time(DicomDataset dataset) {
    int[][] stated = {
      {ACQUISITION_DATE_TIME}, {ACQUISITION_DATE, ACQUISITION_TIME}, {CONTENT_DATE, CONTENT_TIME}
    };
    for (int[] tags : stated) {
      if (dataset.string(tags[tags.length - 1]).isPresent()) {
        StringBuilder text = new StringBuilder();
        for (int tag : tags) {
          text.append(dataset.string(tag).orElse(""));
        }
        return text.toString();
      }
    }
    return "";
  }

  private static String coil(DicomDataset dataset) {
    OptionalInt siemens = dataset.privateTag(0x0051, "SIEMENS MR HEADER", 0x0F);
    return siemens.stream()
        .mapToObj(dataset::string)
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> dataset.string(RECEIVE_COIL_NAME))
        .orElse("")
        .intern();
  }

  /** Where it is stored. */
  public InstanceSource source() {
    return source;
  }

  /** Its path, relative to the scanned root. */
  public String path() {
    return path;
  }

  /** SeriesInstanceUID, empty where absent. */
  public String seriesUid() {
    return seriesUid;
  }

  /** SOPInstanceUID, empty where absent. */
  public String sopInstanceUid() {
    return sopInstanceUid;
  }

  /** SOPClassUID, empty where absent. */
  public String sopClassUid() {
    return sopClassUid;
  }

  /** Modality, empty where absent. */
  public String modality() {
    return modality;
  }

  /** SeriesNumber, 0 where absent. */
  int seriesNumber() {
    return seriesNumber;
  }

  /** InstanceNumber, 0 where absent. */
  public int instanceNumber() {
    return instanceNumber;
  }

  /** A hash of when it was acquired, 0 where unknown: copies agree in it, time points do not. */
  int moment() {
    return moment;
  }

  /** When it was acquired, in an order as text; empty where its number tells the order. */
  String time() {
    return time;
  }

  /** Stands for the FrameOfReferenceUID; 0 where absent. */
  int reference() {
    return reference;
  }

  /** The receive coil, by Siemens' private name or the standard one; empty where absent. */
  String coil() {
    return coil;
  }

  /** A hash of study and patient, to tell apart whose images these are. */
  int owner() {
    return owner;
  }

  /** What it was reconstructed with: ConvolutionKernel, empty where absent. */
  String kernel() {
    return kernel;
  }

  /** Whether the object has pixel data. */
  public boolean hasPixels() {
    return pixels;
  }

  /** Whether it is a DICOMDIR, an index of other files. */
  boolean directory() {
    return directory;
  }

  /**
   * Whether the file ends before its dataset does. Of encapsulated pixel data the header does not
   * know where it should end.
   */
  public boolean cutOff() {
    return cutOff;
  }

  /** Its slices: frames, tiles of a mosaic, or the one image; empty where it is no image. */
  public List<Frame> frames() {
    return frames;
  }

  /** What its pixels are. */
  PixelMeaning meaning() {
    return meaning;
  }

  /**
   * Frames that it says it has beyond {@link #frames}: more than are read of one object, or without
   * functional groups.
   */
  int framesLeftOut() {
    return framesLeftOut;
  }

  /** Reads the header again. */
  public DicomFile header() {
    return DicomReader.readHeader(source);
  }
}
