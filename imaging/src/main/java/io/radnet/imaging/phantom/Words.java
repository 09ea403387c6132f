package io.radnet.imaging.phantom;

import io.radnet.imaging.phantom.Acquisition.Technique;
import io.radnet.imaging.phantom.Acquisition.Vendor;
import java.util.Locale;

/** The free text of headers, as technologists and vendors write it: helpful, sparse or silent. */
final class Words {
  private final SeriesPlan claim;
  private final Acquisition acquisition;
  private final Draw draw;

  /** Whether BodyPartExamined and the descriptions complete each other, as they mostly do. */
  private final boolean thorough;

  Words(SeriesPlan claim, Draw draw) {
    this.claim = claim;
    this.acquisition = claim.acquisition();
    this.draw = draw;
    this.thorough = draw.chance(0.85);
  }

  /** BodyPartExamined, empty where the vendor left it out. */
  String bodyPart() {
    boolean needed = claim.target() == Target.HEAD || claim.target() == Target.SPINE_CERVICAL;
    if (draw.chance(0.15) && !(thorough && needed)) {
      return "";
    }
    return switch (claim.target()) {
      case HEAD -> thorough ? "HEAD" : draw.of("BRAIN", "HEAD");
      case NECK -> "NECK";
      case CHEST -> draw.of("CHEST", "CHEST", "THORAX");
      case ABDOMEN -> draw.of("ABDOMEN", "ABDOMEN", "LIVER");
      case PELVIS -> "PELVIS";
      case ABDOMEN_PELVIS -> draw.of("ABDOMEN", "ABDOMENPELVIS");
      case TRUNK -> draw.of("CHESTABDPELVIS", "CHEST", "WHOLEBODY");
      case BREAST -> "BREAST";
      case SPINE_CERVICAL -> thorough ? "NECK" : draw.of("CSPINE", "SPINE");
      case SPINE_THORACIC -> draw.of("TSPINE", "SPINE");
      case SPINE_LUMBAR -> draw.of("LSPINE", "SPINE");
      case KNEE -> draw.of("KNEE", "KNEE", "EXTREMITY");
      case THIGH -> draw.of("THIGH", "EXTREMITY", "LEG");
      case CALF -> draw.of("LEG", "EXTREMITY");
    };
  }

  private String region() {
    return switch (claim.target()) {
      case HEAD -> thorough ? draw.of("BRAIN HEAD", "HEAD BRAIN") : draw.of("BRAIN", "HEAD");
      case NECK -> "NECK";
      case CHEST -> draw.of("CHEST", "THORAX");
      case ABDOMEN -> draw.of("ABDOMEN", "ABDOMEN LIVER KIDNEY", "UPPER ABDOMEN");
      case PELVIS -> "PELVIS";
      case ABDOMEN_PELVIS -> draw.of("ABDOMEN PELVIS", "ABD/PELVIS");
      case TRUNK -> draw.of("CHEST ABDOMEN PELVIS", "CHEST/ABD/PELVIS");
      case BREAST -> "BREAST";
      case SPINE_CERVICAL -> draw.of("CERVICAL SPINE", "C-SPINE");
      case SPINE_THORACIC -> draw.of("THORACIC SPINE", "T-SPINE");
      case SPINE_LUMBAR -> draw.of("LUMBAR SPINE", "L-SPINE");
      case KNEE -> "KNEE";
      case THIGH -> draw.of("THIGH", "FEMUR");
      case CALF -> draw.of("LOWER LEG", "CALF");
    };
  }

  /** StudyDescription. */
  String study() {
    String kind =
        acquisition.mr()
            ? draw.of("MR", "MRI")
            : acquisition.ct() ? "CT" : draw.of("PET", "PET FDG");
    String words = kind + " " + region();
    if (acquisition.ct() && draw.chance(0.35)) {
      words +=
          acquisition.enhanced()
              ? draw.of(" W CONTRAST", " WITH IV CONTRAST")
              : draw.of(" W/O CONTRAST", " WO CONTRAST", " NATIVE");
    }
    return words;
  }

  /** ProtocolName. */
  String protocol() {
    return draw.chance(0.5) ? region() + draw.of("", " ROUTINE", " STANDARD") : series();
  }

  /** SeriesDescription; now and then it says nothing. */
  String series() {
    String plane =
        switch (claim.view()) {
          case "axial" -> draw.of("ax", "tra", "axial");
          case "coronal" -> draw.of("cor", "coronal");
          default -> draw.of("sag", "sagittal");
        };
    String contrast = contrast();
    if (acquisition.ct()) {
      String thickness = Math.round(claim.thickness() * 10) / 10.0 + "mm";
      String text =
          draw.of(region(), "Recon", "Body")
              + " "
              + thickness
              + (draw.chance(0.4) ? " " + plane : "");
      return (text + contrast).strip();
    }
    if (!acquisition.mr()) {
      return draw.of("PET AC", "CTAC " + region(), "WB 3D AC");
    }
    if (draw.chance(0.2) && !acquisition.sequence().diffusion()) {
      return (draw.of(plane, region() + " " + plane, "Series " + claim.number()) + contrast)
          .strip();
    }
    String fat = acquisition.fatSuppressed() && draw.chance(0.7) ? "fs" : "";
    String text =
        switch (acquisition.vendor()) {
          case SIEMENS -> joined("_", siemens(), fat, plane).toLowerCase(Locale.ROOT);
          case PHILIPS ->
              joined("_", philips(), fat.isEmpty() ? "" : "SPIR", plane.toUpperCase(Locale.ROOT));
          case GE -> joined(" ", plane, general(), fat);
          case TOSHIBA -> joined(" ", general(), plane, fat).toUpperCase(Locale.ROOT);
        };
    return text + contrast;
  }

  private static String joined(String with, String... parts) {
    return String.join(with, java.util.Arrays.stream(parts).filter(p -> !p.isEmpty()).toList());
  }

  private String contrast() {
    if (acquisition.enhanced()) {
      String phase =
          acquisition.phase() == Acquisition.Phase.ARTERIAL ? " ARTERIAL" : " PORTAL VENOUS";
      return acquisition.ct()
          ? draw.of(phase + " +C", " C+", " POST", " +C", "")
          : draw.of(" +C", " POST GAD", " C+", " GD", "");
    }
    return acquisition.canEnhance() ? draw.of(" NATIVE", " PRE", " W/O", "", "") : "";
  }

  private String siemens() {
    boolean turbo = acquisition.technique() == Technique.TURBO_SPIN_ECHO;
    return switch (acquisition.sequence()) {
      case T1W ->
          switch (acquisition.technique()) {
            case PREPARED_GRADIENT_ECHO -> "t1_mprage";
            case VOLUME_GRADIENT_ECHO -> draw.of("t1_vibe", "vibe");
            case GRADIENT_ECHO -> "t1_fl2d";
            default -> turbo ? "t1_tse" : "t1_se";
          };
      case T2W -> turbo ? "t2_tse" : "t2_haste";
      case PDW -> "pd_tse";
      case T2_FLAIR -> draw.of("t2_tirm_dark-fluid", "t2_flair", "flair");
      case T1_FLAIR -> draw.of("t1_flair", "t1_tirm");
      case STIR -> draw.of("t2_stir", "stir", "tirm");
      case DWI -> draw.of("ep2d_diff_trace", "dwi_tracew");
      case ADC -> "ep2d_diff_adc";
      case T2STAR -> draw.of("t2_fl2d_hemo", "t2star_gre");
      case NONE -> "";
    };
  }

  private String philips() {
    return switch (acquisition.sequence()) {
      case T1W ->
          switch (acquisition.technique()) {
            case PREPARED_GRADIENT_ECHO -> "T1W_3D_TFE";
            case VOLUME_GRADIENT_ECHO -> draw.of("THRIVE", "T1W_THRIVE");
            case GRADIENT_ECHO -> "T1W_FFE";
            default -> draw.of("T1W_SE", "T1W_TSE");
          };
      case T2W -> acquisition.technique() == Technique.SINGLE_SHOT ? "T2W_SSh_TSE" : "T2W_TSE";
      case PDW -> draw.of("PDW_TSE", "PDW");
      case T2_FLAIR -> draw.of("FLAIR_longTR", "T2W_FLAIR");
      case T1_FLAIR -> draw.of("T1W_FLAIR", "T1_IR_FLAIR");
      case STIR -> draw.of("STIR_longTE", "STIR");
      case DWI -> draw.of("DWI_SSh", "DWI_b" + (int) acquisition.bValue());
      case ADC -> draw.of("dADC", "ADC");
      case T2STAR -> draw.of("T2W_FFE", "T2star_FFE");
      case NONE -> "";
    };
  }

  private String general() {
    return switch (acquisition.sequence()) {
      case T1W ->
          switch (acquisition.technique()) {
            case PREPARED_GRADIENT_ECHO -> draw.of("T1 BRAVO", "3D T1");
            case VOLUME_GRADIENT_ECHO -> draw.of("LAVA", "T1 3D", "VIBRANT");
            case GRADIENT_ECHO -> "T1 SPGR";
            default -> draw.of("T1", "T1 SE", "T1 FSE");
          };
      case T2W ->
          acquisition.technique() == Technique.SINGLE_SHOT
              ? "T2 SSFSE"
              : draw.of("T2 FSE", "T2 FRFSE", "T2");
      case PDW -> draw.of("PD", "PD FSE", "Proton Density");
      case T2_FLAIR -> draw.of("T2 FLAIR", "FLAIR");
      case T1_FLAIR -> "T1 FLAIR";
      case STIR -> draw.of("STIR", "FSE STIR");
      case DWI -> draw.of("DWI", "DWI B" + (int) acquisition.bValue());
      case ADC -> draw.of("ADC", "Apparent Diffusion Coefficient");
      case T2STAR -> draw.of("T2* GRE", "GRE T2STAR");
      case NONE -> "";
    };
  }

  /** SequenceName of Siemens. */
  String sequenceName() {
    if (acquisition.vendor() != Vendor.SIEMENS) {
      return "";
    }
    int train = acquisition.echoTrain();
    return switch (acquisition.technique()) {
      case SPIN_ECHO -> "*se2d1";
      case TURBO_SPIN_ECHO -> (acquisition.inversion() > 0 ? "*tir2d1rs" : "*tse2d1_") + train;
      case SINGLE_SHOT -> "*h2d1_" + train;
      case GRADIENT_ECHO -> "*fl2d1";
      case VOLUME_GRADIENT_ECHO -> "*fl3d1";
      case PREPARED_GRADIENT_ECHO -> "*tfl3d1_16ns";
      case ECHO_PLANAR ->
          acquisition.sequence() == Sequence.ADC
              ? "*ep_b0_" + (int) acquisition.bValue()
              : "*ep_b" + (int) acquisition.bValue() + "t";
      case NONE -> "";
    };
  }

  /** The pulse sequence in GE's private element (0019,109C). */
  String generalElectricSequence() {
    return switch (acquisition.technique()) {
      case SPIN_ECHO -> "memp";
      case TURBO_SPIN_ECHO -> acquisition.inversion() > 0 ? "FSE-IR" : "FSE-XL";
      case SINGLE_SHOT -> "SSFSE";
      case GRADIENT_ECHO -> "GRE";
      case VOLUME_GRADIENT_ECHO, PREPARED_GRADIENT_ECHO -> "EFGRE3D";
      case ECHO_PLANAR -> "EPI2";
      case NONE -> "";
    };
  }
}
