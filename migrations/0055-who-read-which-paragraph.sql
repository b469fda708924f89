-- What one officer has read of the papers, whichever meetings they were of: what they may decide on for a request for information.
create index paragraph_reading_by_reader on paragraph_reading (agency_id, person_sub, paragraph_id);
