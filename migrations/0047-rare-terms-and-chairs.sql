-- How rare a term or a word of the log is decides whether it is looked for by itself or along the time; with few statistics one that no
-- entry has looks as common as many, and the whole log is walked to find nothing.
alter table log_index alter column terms set statistics 1000, alter column words set statistics 1000;

-- Who chairs is asked for every request about a permission; everybody's other appointments are many more.
create index appointment_chairs on appointment (area_id, agency_id, person_sub) where role = 'chair';
