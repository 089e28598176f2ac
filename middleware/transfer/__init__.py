"""The modules `import` and `export`: iCalendar and vCard texts in and out."""

from middleware.registry import Module
from middleware.transfer import contacts_in, contacts_out, events_in, events_out

import_module = Module("import")
export_module = Module("export")

import_module.action("ICAL", "POST")(events_in.import_events)
import_module.action("VCARD", "POST")(contacts_in.import_contacts)
export_module.action("ICAL", "GET")(events_out.export_events)
export_module.action("VCARD", "GET")(contacts_out.export_contacts)
