package io.radnet.imaging.phantom;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;

/**
 * One description that belongs to another scan, as where a protocol was copied, a study was renamed
 * or a console filled in its default. All else in the header is true.
 *
 * @param attribute which description
 * @param claim the scan that it describes
 */
record Misled(Attribute attribute, SeriesPlan claim) {
  /** The descriptions that people type or consoles copy. */
  enum Attribute {
    STUDY_DESCRIPTION,
    SERIES_DESCRIPTION,
    PROTOCOL_NAME,
    BODY_PART_EXAMINED
  }

  static Misled draw(SeriesPlan plan, Draw draw) {
    return new Misled(draw.of(Attribute.values()), WrongClaim.draw(plan, draw).claim());
  }

  void overwrite(WritableDataset data) {
    Words words = new Words(claim, claim.source().fork(12));
    switch (attribute) {
      case STUDY_DESCRIPTION -> data.put(Tag.STUDY_DESCRIPTION, VR.LO, words.study());
      case SERIES_DESCRIPTION -> data.put(Tag.SERIES_DESCRIPTION, VR.LO, words.series());
      case PROTOCOL_NAME -> data.put(Tag.PROTOCOL_NAME, VR.LO, words.protocol());
      case BODY_PART_EXAMINED -> data.put(Tag.BODY_PART_EXAMINED, VR.CS, words.bodyPart());
    }
  }
}
