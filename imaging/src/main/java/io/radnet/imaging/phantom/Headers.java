package io.radnet.imaging.phantom;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.phantom.Acquisition.Technique;
import io.radnet.imaging.phantom.Acquisition.Vendor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The header of a series as a real scanner would write it. What the header claims (sequence,
 * contrast, body part) may differ from what the image shows; geometry is always true.
 */
final class Headers {
  private static final String MR_CLASS = "1.2.840.10008.5.1.4.1.1.4";
  private static final String CT_CLASS = "1.2.840.10008.5.1.4.1.1.2";
  private static final String PET_CLASS = "1.2.840.10008.5.1.4.1.1.128";

  private static final int SERIES_TYPE = 0x0054_1000;
  private static final int CORRECTED_IMAGE = 0x0028_0051;
  private static final int DECAY_CORRECTION = 0x0054_1102;

  private final SeriesPlan plan;
  private final SeriesPlan claim;
  private final Acquisition acquisition;
  private final @Nullable Misled misled;

  /**
   * @param plan what is really shown
   * @param claim what the header says; the same where it is right
   * @param misled a description that belongs to another scan, or null
   */
  Headers(SeriesPlan plan, SeriesPlan claim, @Nullable Misled misled) {
    this.plan = plan;
    this.claim = claim;
    this.misled = misled;
    this.acquisition = claim.acquisition();
  }

  /** Everything but the pixels of slice {@code k}. */
  WritableDataset slice(int k) {
    Draw draw = plan.source().fork(11); // the same for every slice
    Words words = new Words(claim, draw);
    WritableDataset data = new WritableDataset();
    general(data, words, draw, k);
    geometry(data, k);
    if (acquisition.mr()) {
      resonance(data, words);
    } else if (acquisition.ct()) {
      tomography(data, draw);
    } else {
      emission(data);
    }
    contrast(data, draw);
    if (misled != null) {
      misled.overwrite(data);
    }
    return data;
  }

  private void general(WritableDataset data, Words words, Draw draw, int k) {
    String sopClass = acquisition.mr() ? MR_CLASS : acquisition.ct() ? CT_CLASS : PET_CLASS;
    data.put(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192");
    data.put(Tag.IMAGE_TYPE, VR.CS, imageType().toArray());
    data.put(Tag.SOP_CLASS_UID, VR.UI, sopClass);
    data.put(Tag.SOP_INSTANCE_UID, VR.UI, plan.uid(10 + k));
    for (int date : new int[] {Tag.STUDY_DATE, Tag.SERIES_DATE, Tag.ACQUISITION_DATE}) {
      data.put(date, VR.DA, "19000101");
    }
    data.put(Tag.STUDY_TIME, VR.TM);
    data.put(Tag.ACCESSION_NUMBER, VR.SH);
    data.put(Tag.MODALITY, VR.CS, acquisition.modality());
    data.put(Tag.MANUFACTURER, VR.LO, acquisition.vendor().manufacturer);
    data.put(Tag.MANUFACTURER_MODEL_NAME, VR.LO, "Phantom");
    data.put(Tag.REFERRING_PHYSICIAN_NAME, VR.PN);
    data.put(Tag.PATIENT_NAME, VR.PN, "PHANTOM^" + plan.patient().id());
    data.put(Tag.PATIENT_ID, VR.LO, plan.patient().id());
    data.put(Tag.PATIENT_BIRTH_DATE, VR.DA);
    data.put(Tag.PATIENT_SEX, VR.CS, plan.patient().female() ? "F" : "M");
    boolean silent = draw.chance(0.08);
    data.put(Tag.STUDY_DESCRIPTION, VR.LO, words.study());
    String series = words.series();
    if (!silent) {
      data.put(Tag.SERIES_DESCRIPTION, VR.LO, series);
    }
    data.put(Tag.PROTOCOL_NAME, VR.LO, words.protocol());
    String part = words.bodyPart();
    if (!part.isEmpty()) {
      data.put(Tag.BODY_PART_EXAMINED, VR.CS, part);
    }
    data.put(Tag.STUDY_INSTANCE_UID, VR.UI, plan.studyUid());
    data.put(Tag.SERIES_INSTANCE_UID, VR.UI, plan.uid(0));
    data.put(Tag.SERIES_NUMBER, VR.IS, plan.number());
    data.put(Tag.ACQUISITION_NUMBER, VR.IS, 1);
    data.put(
        Tag.PATIENT_POSITION,
        VR.CS,
        plan.target() == Target.BREAST ? "HFP" : plan.target().limb() ? "FFS" : "HFS");
  }

  private void geometry(WritableDataset data, int k) {
    var grid = plan.geometry();
    double[] origin = grid.affine().apply(0, 0, k);
    double[] row = grid.direction(0);
    double[] column = grid.direction(1);
    data.put(Tag.SLICE_THICKNESS, VR.DS, plan.thickness());
    if (acquisition.mr() || acquisition.vendor() == Vendor.GE) {
      data.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, rounded(plan.spacing(), 1e4));
    }
    data.put(Tag.INSTANCE_NUMBER, VR.IS, (plan.descending() ? grid.depth() - 1 - k : k) + 1);
    data.put(
        Tag.IMAGE_POSITION_PATIENT,
        VR.DS,
        rounded(origin[0], 1e5),
        rounded(origin[1], 1e5),
        rounded(origin[2], 1e5));
    data.put(
        Tag.IMAGE_ORIENTATION_PATIENT,
        VR.DS,
        rounded(row[0], 1e9),
        rounded(row[1], 1e9),
        rounded(row[2], 1e9),
        rounded(column[0], 1e9),
        rounded(column[1], 1e9),
        rounded(column[2], 1e9));
    data.put(Tag.FRAME_OF_REFERENCE_UID, VR.UI, plan.frameOfReferenceUid());
    data.put(Tag.SLICE_LOCATION, VR.DS, rounded(new SeriesPlan.NormalOf(grid).dot(origin), 1e4));
    data.put(Tag.SAMPLES_PER_PIXEL, VR.US, 1);
    data.put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2");
    data.put(Tag.ROWS, VR.US, grid.height());
    data.put(Tag.COLUMNS, VR.US, grid.width());
    data.put(
        Tag.PIXEL_SPACING, VR.DS, rounded(grid.spacing(1), 1e7), rounded(grid.spacing(0), 1e7));
  }

  private static double rounded(double value, double parts) {
    double rounded = Math.rint(value * parts) / parts;
    return rounded == 0 ? 0 : rounded; // no minus zero
  }

  private List<String> imageType() {
    Vendor vendor = acquisition.vendor();
    if (acquisition.ct()) {
      return plan.view().equals("axial")
          ? vendor == Vendor.SIEMENS
              ? List.of("ORIGINAL", "PRIMARY", "AXIAL", "CT_SOM5 SPI")
              : List.of("ORIGINAL", "PRIMARY", "AXIAL")
          : List.of("ORIGINAL", "PRIMARY", "OTHER");
    }
    if (!acquisition.mr()) {
      return List.of("ORIGINAL", "PRIMARY");
    }
    if (acquisition.sequence() == Sequence.ADC) {
      return vendor == Vendor.GE
          ? List.of("DERIVED", "PRIMARY", "ADC")
          : List.of("DERIVED", "PRIMARY", "DIFFUSION", "ADC");
    }
    if (acquisition.sequence() == Sequence.DWI && vendor == Vendor.SIEMENS) {
      return List.of("ORIGINAL", "PRIMARY", "DIFFUSION", "TRACEW", "ND");
    }
    return switch (vendor) {
      case SIEMENS -> List.of("ORIGINAL", "PRIMARY", "M", "ND", "NORM");
      case GE -> List.of("ORIGINAL", "PRIMARY", "OTHER");
      case PHILIPS ->
          acquisition.inversion() > 0
              ? List.of("ORIGINAL", "PRIMARY", "M_IR", "M", "IR")
              : gradient()
                  ? List.of("ORIGINAL", "PRIMARY", "M_FFE", "M", "FFE")
                  : List.of("ORIGINAL", "PRIMARY", "M_SE", "M", "SE");
      case TOSHIBA -> List.of("ORIGINAL", "PRIMARY");
    };
  }

  private boolean gradient() {
    return switch (acquisition.technique()) {
      case GRADIENT_ECHO, VOLUME_GRADIENT_ECHO, PREPARED_GRADIENT_ECHO -> true;
      default -> false;
    };
  }

  private void resonance(WritableDataset data, Words words) {
    List<Object> sequence = new ArrayList<>();
    List<Object> variant = new ArrayList<>();
    List<Object> options = new ArrayList<>();
    Technique technique = acquisition.technique();
    Vendor vendor = acquisition.vendor();
    if (technique == Technique.ECHO_PLANAR) {
      sequence.add("EP");
    }
    sequence.add(gradient() ? "GR" : "SE");
    if (acquisition.inversion() > 0 && (!gradient() || vendor == Vendor.SIEMENS)) {
      sequence.add("IR");
    }
    if (technique == Technique.TURBO_SPIN_ECHO || technique == Technique.SINGLE_SHOT) {
      variant.add("SK");
    }
    if (gradient()) {
      variant.add(
          vendor == Vendor.PHILIPS && acquisition.sequence() == Sequence.T2STAR ? "SS" : "SP");
    }
    if (technique == Technique.PREPARED_GRADIENT_ECHO) {
      variant.add("MP");
    }
    if (variant.isEmpty()) {
      variant.add("NONE");
    }
    if (acquisition.fatSuppressed()) {
      options.add("FS");
    }
    if (vendor == Vendor.GE && technique == Technique.TURBO_SPIN_ECHO) {
      options.add("FAST_GEMS");
    }
    data.put(Tag.SCANNING_SEQUENCE, VR.CS, sequence.toArray());
    data.put(Tag.SEQUENCE_VARIANT, VR.CS, variant.toArray());
    data.put(Tag.SCAN_OPTIONS, VR.CS, options.toArray());
    data.put(Tag.MR_ACQUISITION_TYPE, VR.CS, acquisition.threeDimensional() ? "3D" : "2D");
    if (!words.sequenceName().isEmpty()) {
      data.put(Tag.SEQUENCE_NAME, VR.SH, words.sequenceName());
    }
    data.put(Tag.REPETITION_TIME, VR.DS, acquisition.repetition());
    data.put(Tag.ECHO_TIME, VR.DS, acquisition.echo());
    if (acquisition.inversion() > 0) {
      data.put(Tag.INVERSION_TIME, VR.DS, acquisition.inversion());
    }
    data.put(Tag.MAGNETIC_FIELD_STRENGTH, VR.DS, acquisition.field());
    data.put(Tag.ECHO_TRAIN_LENGTH, VR.IS, acquisition.echoTrain());
    data.put(Tag.FLIP_ANGLE, VR.DS, acquisition.flip());
    if (vendor == Vendor.GE) {
      data.put(0x0019_0010, VR.LO, "GEMS_ACQU_01");
      data.put(0x0019_109c, VR.LO, words.generalElectricSequence());
    }
    if (acquisition.sequence() == Sequence.DWI) {
      diffusion(data);
    }
  }

  private void diffusion(WritableDataset data) {
    int b = (int) acquisition.bValue();
    switch (acquisition.vendor()) {
      case SIEMENS -> {
        data.put(0x0019_0010, VR.LO, "SIEMENS MR HEADER");
        data.put(0x0019_100c, VR.IS, b);
      }
      case GE -> {
        data.put(0x0043_0010, VR.LO, "GEMS_PARM_01");
        data.put(0x0043_1039, VR.IS, b, 8, 0, 0);
      }
      case PHILIPS -> {
        data.put(0x2001_0010, VR.LO, "Philips Imaging DD 001");
        data.put(0x2001_1003, VR.FL, b);
        data.put(Tag.DIFFUSION_B_VALUE, VR.FD, b);
      }
      case TOSHIBA -> data.put(Tag.DIFFUSION_B_VALUE, VR.FD, b);
    }
  }

  private void tomography(WritableDataset data, Draw draw) {
    data.put(Tag.KVP, VR.DS, draw.of(100, 120, 120, 140));
    data.put(Tag.CONVOLUTION_KERNEL, VR.SH, draw.of("B30f", "STANDARD", "FC08", "B"));
    data.put(
        Tag.GANTRY_DETECTOR_TILT,
        VR.DS,
        rounded(plan.tiltDegrees() * (acquisition.vendor() == Vendor.PHILIPS ? -1 : 1), 100));
  }

  private void emission(WritableDataset data) {
    data.put(CORRECTED_IMAGE, VR.CS, "DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM");
    data.put(Tag.NUMBER_OF_SLICES, VR.US, plan.geometry().depth());
    data.put(SERIES_TYPE, VR.CS, "STATIC", "IMAGE");
    data.put(Tag.UNITS, VR.CS, "BQML");
    data.put(DECAY_CORRECTION, VR.CS, "START");
  }

  private void contrast(WritableDataset data, Draw draw) {
    double pick = draw.uniform();
    if (acquisition.enhanced()) {
      if (pick < 0.78) {
        data.put(
            Tag.CONTRAST_BOLUS_AGENT,
            VR.LO,
            acquisition.mr()
                ? draw.of("Gadovist", "MAGNEVIST", "Dotarem", "10 ml Gadobutrol")
                : draw.of("Omnipaque 350", "ULTRAVIST 370", "APPLIED", "IV CONTRAST"));
        if (draw.chance(0.6)) {
          data.put(Tag.CONTRAST_BOLUS_ROUTE, VR.LO, draw.of("IV", "INTRAVENOUS"));
          data.put(Tag.CONTRAST_BOLUS_VOLUME, VR.DS, acquisition.mr() ? 10 : 90);
        }
      }
    } else if (pick < 0.22 && !acquisition.modality().equals("PT")) {
      data.put(Tag.CONTRAST_BOLUS_AGENT, VR.LO, draw.of("NONE", "No", "NONE"));
    } else if (pick < 0.3) {
      data.put(Tag.CONTRAST_BOLUS_AGENT, VR.LO);
    }
  }
}
