package io.radnet.imaging.phantom;

/** The MR sequences that the phantom plays, named as the label is. */
enum Sequence {
  T1W("T1w"),
  T2W("T2w"),
  PDW("PDw"),
  T2_FLAIR("T2-FLAIR"),
  T1_FLAIR("T1-FLAIR"),
  STIR("STIR"),
  DWI("DWI"),
  ADC("ADC"),
  T2STAR("T2star"),
  NONE("none");

  final String label;

  Sequence(String label) {
    this.label = label;
  }

  boolean diffusion() {
    return this == DWI || this == ADC;
  }
}
